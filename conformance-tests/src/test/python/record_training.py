"""Records the gradients of every phase of the official loss, for TrainingComparisonTest.

    STYLEGAN3_DIR=<checkout of NVlabs/stylegan3> python record_training.py DIRECTORY

What the golden loops do not have: configuration R, a blur that fades, two micro-batches that add up, augmentation inside the
loop. Nothing official is changed; random numbers are written down as they are drawn. Parameters stay as they began: optimiser
steps are covered by the golden loops. One safetensors file for each case. Needs torch, numpy and scipy.
"""
import json
import os
import re
import struct
import sys
import types
import warnings

import numpy as np
import torch

BGC = "xflip rotate90 xint scale rotate aniso xfrac brightness contrast lumaflip hue saturation"
CASES = {
    "r_blur_augment": dict(radial=True, cur_nimg=17_000, blur=(10, 25), p=0.6, c_dim=0, gamma=2.0),
    "t_augment_labels": dict(radial=False, cur_nimg=1_000, blur=(0, 0), p=0.9, c_dim=3, gamma=5.0),
}
RESOLUTION, BATCH, ROUNDS = 16, 4, 2


class Tape:
    """Writes down what torch draws."""

    def __init__(self):
        self.draws = []
        for name in ("rand", "randn"):
            setattr(torch, name, self.recorded(name, getattr(torch, name)))

    def recorded(self, name, draw):
        def call(*args, **kwargs):
            values = draw(*args, **kwargs)
            self.draws.append((name, values.detach().clone()))
            return values

        return call

    def take(self):
        draws, self.draws = self.draws, []
        return draws


def networks(case):
    from training.networks_stylegan2 import Discriminator
    from training.networks_stylegan3 import Generator

    torch.manual_seed(1)
    radial = dict(conv_kernel=1, use_radial_filters=True) if case["radial"] else {}
    generator = Generator(
        16, case["c_dim"], 16, RESOLUTION, 3, mapping_kwargs=dict(num_layers=2), num_layers=6, channel_base=256,
        channel_max=12, magnitude_ema_beta=0.99, **radial
    )
    discriminator = Discriminator(
        case["c_dim"], RESOLUTION, 3, channel_base=256, channel_max=12, epilogue_kwargs=dict(mbstd_group_size=2)
    )
    for network in (generator, discriminator):
        network.train().requires_grad_(False)
        for name, value in network.named_parameters():
            if name.endswith("bias") and not name.endswith("affine.bias"):
                value.copy_(torch.randn_like(value) * 0.1)  # at 0 nothing would depend on where they are added
    return generator, discriminator


def record(case, tape):
    from torch_utils import training_stats
    from training.augment import AugmentPipe
    from training.loss import StyleGAN2Loss

    generator, discriminator = networks(case)
    pipe = AugmentPipe(**{name: 1 for name in BGC.split()}).train().requires_grad_(False)
    pipe.p.copy_(torch.as_tensor(case["p"]))
    sigma, fade = case["blur"]
    loss = StyleGAN2Loss(
        torch.device("cpu"), generator, discriminator, augment_pipe=pipe, r1_gamma=case["gamma"], blur_init_sigma=sigma,
        blur_fade_kimg=fade
    )
    out = {}
    for scope, network in (("G.", generator), ("D.", discriminator)):
        for name, value in list(network.named_parameters()) + list(network.named_buffers()):
            out["init." + scope + name] = value.detach().clone()
    reports = []
    training_stats.report = lambda name, value: reports.append((name, torch.as_tensor(value).detach().clone()))
    each = BATCH // ROUNDS
    labels = torch.eye(max(case["c_dim"], 1))[:, : case["c_dim"]]
    for phase, gain in (("Gboth", 1), ("Dmain", 1), ("Dreg", 16)):
        network = generator if phase[0] == "G" else discriminator
        network.requires_grad_(True)
        for chunk in range(ROUNDS):
            given = dict(
                real_img=torch.rand([each, 3, RESOLUTION, RESOLUTION]) * 2 - 1,
                real_c=labels[torch.randint(len(labels), [each])],
                gen_z=torch.randn([each, 16]),
                gen_c=labels[torch.randint(len(labels), [each])],
            )
            tape.take()
            reports.clear()
            loss.accumulate_gradients(phase=phase, gain=gain, cur_nimg=case["cur_nimg"], **given)
            call = f"{phase}.{chunk}."
            out.update({call + "in." + name: value for name, value in given.items()})
            out.update({call + "report." + name: value for name, value in reports})
            for i, (name, value) in enumerate(tape.take()):
                out[f"{call}tape.{i:03d}.{name}"] = value
        network.requires_grad_(False)
        for name, value in network.named_parameters():
            if value.grad is not None:
                out[f"{phase}.grad.{name}"] = value.grad.clone()
            value.grad = None
    for name, value in generator.named_buffers():
        out["after.G." + name] = value.detach().clone()
    return out


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, value in tensors.items():
        array = value.to(torch.float32).contiguous().numpy()
        header[name] = dict(dtype="F32", shape=list(array.shape), data_offsets=[len(data), len(data) + array.nbytes])
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main():
    numbers = lambda v: tuple(int(d) for d in re.findall(r"\d+", v.split("+")[0])[:3])
    sys.modules.setdefault("pkg_resources", types.SimpleNamespace(parse_version=numbers))
    warnings.filterwarnings("ignore")
    sys.path.insert(0, os.environ["STYLEGAN3_DIR"])
    from torch_utils.ops import conv2d_gradfix, grid_sample_gradfix

    conv2d_gradfix.enabled = grid_sample_gradfix.enabled = True
    tape = Tape()
    for name, case in CASES.items():
        tensors = record(case, tape)
        metadata = {key: json.dumps(value) for key, value in case.items()}
        write(os.path.join(sys.argv[1], name + ".safetensors"), tensors, metadata)
        print(name, len(tensors), "tensors")


if __name__ == "__main__":
    main()
