# SPDX-License-Identifier: Apache-2.0
"""Loads pickles written by AliasFree with the original's unmodified code, and records what it makes.

    STYLEGAN3_DIR=/path/to/stylegan3 python3 load_with_original.py PICKLES GOLDENS RESULTS

PICKLES and RESULTS are folders; GOLDENS is goldens/pickles of this repository, whose inputs are
used: for PICKLES/x.pkl those of GOLDENS/x.safetensors. RESULTS/x.safetensors gets the images and
logits, and the SHA-256 of the pickle. OriginalCodeTest runs this and compares the results.

Needs PyTorch, NumPy, SciPy, and what the original's legacy.py imports (click, requests).
"""

import hashlib
import io
import json
import os
import pathlib
import pickle
import struct
import sys

sys.path.insert(0, os.environ['STYLEGAN3_DIR'])

import numpy as np
import torch

import dnnlib
import legacy
from torch_utils import misc

TYPES = {'F32': np.float32, 'F64': np.float64, 'U8': np.uint8, 'I64': np.int64}


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack('<Q', data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = {k: json.loads(v) for k, v in header.pop('__metadata__').items()}
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + at for at in entry['data_offsets'])
        array = np.frombuffer(data[begin:end], TYPES[entry['dtype']])
        tensors[name] = torch.from_numpy(array.reshape(entry['shape']).copy())
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    header, blob = {'__metadata__': metadata}, b''
    for name, tensor in tensors.items():
        array = tensor.detach().numpy().astype('<f4')
        offsets = [len(blob), len(blob) + array.nbytes]
        header[name] = dict(dtype='F32', shape=list(array.shape), data_offsets=offsets)
        blob += array.tobytes()
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    path.write_bytes(struct.pack('<Q', len(text)) + text + blob)


def images(net, golden, metadata):
    """What the original's tools ask of a generator."""
    z, c = golden['in.z'], golden['in.c']
    made = {
        'img_psi1': net(z, c, noise_mode='const'),
        'img_psi0.7_cutoff': net(
            z[:1],
            c[:1],
            truncation_psi=0.7,
            truncation_cutoff=metadata['truncation_cutoff'],
            noise_mode='const',
            force_fp32=True,
        ),
        'img_noise_none': net.synthesis(net.mapping(z, c), noise_mode='none', update_emas=False),
    }
    if hasattr(net.synthesis, 'input'):
        before = net.synthesis.input.transform.clone()
        net.synthesis.input.transform.copy_(golden['in.transform'])
        made['img_transform'] = net(z, c, noise_mode='const')
        net.synthesis.input.transform.copy_(before)
    return made


def same(a, b, what):
    """Two networks with the same tensors, of the same kinds, in the same order."""
    assert list(a.state_dict()) == list(b.state_dict()), what
    assert [n for n, _ in a.named_parameters()] == [n for n, _ in b.named_parameters()], what
    for name, tensor in a.state_dict().items():
        assert torch.equal(tensor, b.state_dict()[name]), f'{what}: {name}'


def the_originals_own(net):
    """The original's own network of the same keywords, with the tensors copied by name."""
    try:
        from training import networks_stylegan2, networks_stylegan3
    except ImportError as e:
        print(f'  not compared with the original\'s own classes: {e}')
        return None
    third = hasattr(net, 'synthesis') and hasattr(net.synthesis, 'input')
    module = networks_stylegan3 if third else networks_stylegan2
    own = getattr(module, type(net).__name__)(*net.init_args, **net.init_kwargs)
    own.eval().requires_grad_(False)
    misc.copy_params_and_buffers(net, own, require_all=True)
    misc.copy_params_and_buffers(own, net, require_all=True)
    same(net, own, 'copied')
    return own


def check(path, goldens, results):
    print(path.name)
    golden, metadata = read_safetensors(goldens / (path.stem + '.safetensors'))
    random = torch.random.get_rng_state()
    data = legacy.load_network_pkl(io.BytesIO(path.read_bytes()))
    assert torch.equal(random, torch.random.get_rng_state()), 'loading draws random numbers'
    assert set(data) >= {'G', 'D', 'G_ema', 'training_set_kwargs', 'augment_pipe'}
    assert isinstance(data['training_set_kwargs'], dict)
    for name in ('G', 'D', 'G_ema'):
        assert not data[name].training
        assert not any(p.requires_grad for p in data[name].parameters())
    G, D = data['G_ema'], data['D']
    made = images(G, golden, metadata)
    made['logits'] = D(golden['in.disc_img'].float() / 127.5 - 1, golden['in.disc_c'])

    own = the_originals_own(G)
    if own is not None:
        for name, image in images(own, golden, metadata).items():
            difference = float((image - made[name]).abs().max())
            print(f'  {name}: {difference:.2g} from the original, of {float(image.abs().max()):.3g}')
    own = the_originals_own(D)
    if own is not None:
        logits = own(golden['in.disc_img'].float() / 127.5 - 1, golden['in.disc_c'])
        print(f'  logits: {float((logits - made["logits"]).abs().max()):.2g} from the original')

    # Saved by PyTorch and loaded again, as legacy.py does when it converts.
    saved = io.BytesIO()
    pickle.dump(data, saved)
    (results / path.name).write_bytes(saved.getvalue())
    again = legacy.load_network_pkl(io.BytesIO(saved.getvalue()))
    for name in ('G', 'D', 'G_ema'):
        same(again[name], data[name], f'{name} saved again')
    image = again['G_ema'](golden['in.z'], golden['in.c'], noise_mode='const')
    assert torch.equal(image, made['img_psi1']), 'G_ema saved again'
    legacy.load_network_pkl(io.BytesIO(path.read_bytes()), force_fp16=True)
    if data['augment_pipe'] is not None:
        batch = golden['in.disc_img'].float() / 127.5 - 1
        assert data['augment_pipe'](batch).shape == batch.shape

    # One image of each kind is enough to compare.
    made = {name: t[:1] if name != 'logits' else t for name, t in made.items()}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    write_safetensors(results / (path.stem + '.safetensors'), made, {'sha256': digest})


def main():
    pickles, goldens, results = (pathlib.Path(argument) for argument in sys.argv[1:4])
    results.mkdir(exist_ok=True)
    torch.set_grad_enabled(False)
    print(f'torch {torch.__version__}, numpy {np.__version__}, python {sys.version.split()[0]}')
    files = sorted(pickles.glob('*.pkl'))
    assert files, f'no pickles in {pickles}'
    for path in files:
        check(path, goldens, results)


if __name__ == '__main__':
    main()
