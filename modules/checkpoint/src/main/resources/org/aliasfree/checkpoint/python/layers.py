# SPDX-License-Identifier: Apache-2.0
# AliasFree: networks of StyleGAN2 and StyleGAN3 in plain PyTorch.
#
# Network files (.pkl) carry the source of their networks, so that the code which loads them needs
# no classes of its own. This is that source. It needs PyTorch 1.7 or later, NumPy and SciPy, and
# from the program that loads it only `torch_utils.persistence`, which every program that can read
# such files has. It uses no compiled extensions: what is computed is what the papers say, in the
# operations of PyTorch.
#
# The source of a network is this part, which all share, and the parts that make it whole: for the
# generators stylegan3.py, or convolutions.py and stylegan2.py; for the discriminator convolutions.py
# and discriminator.py; for the augmentation pipe augment.py. Names of classes, tensors, attributes
# and keywords are those that all network files have.

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch_utils import persistence

SQRT2 = math.sqrt(2)

# ------------------------------------------------------------------------------------------------
# Modules, and how they come out of a file.


class Part(torch.nn.Module):
    """A module of a network.

    Of a module, a file of AliasFree holds its tensors, its children and some settings. What
    PyTorch itself pickles holds all that the object has; the entry `_forward_hooks` tells.
    """

    def __setstate__(self, state):
        if '_forward_hooks' in state:
            super().__setstate__(state)
        else:
            torch.nn.Module.__init__(self)
            self.__dict__.update(state)


class Network(Part):
    """A whole network: made from its keywords, then given the tensors of the file."""

    def __setstate__(self, state):
        super().__setstate__(state)
        if '_forward_hooks' not in state:
            tensors = {**dict(self.named_parameters()), **dict(self.named_buffers())}
            with torch.random.fork_rng(devices=[]):  # Loading draws nothing from the generator.
                self.__init__(*state['_init_args'], **state['_init_kwargs'])
            self._take(tensors)
            self.train(state['training'])

    def _take(self, tensors):
        left = dict(tensors)
        for path, module in self.named_modules():
            for table in (module._parameters, module._buffers):
                for key in [key for key, made in table.items() if made is not None]:
                    name = f'{path}.{key}' if path else key
                    if name not in left:
                        raise ValueError(f'The network file has no tensor {name}.')
                    given = left.pop(name)
                    if given.shape != table[key].shape:
                        raise ValueError(
                            f'The tensor {name} of the network file has the shape '
                            f'{tuple(given.shape)}; the keywords give {tuple(table[key].shape)}.'
                        )
                    table[key] = given
        if left:
            raise ValueError(f'The network file has tensors of no module: {", ".join(left)}.')


# ------------------------------------------------------------------------------------------------
# Activations.

# What each does, and the gain that keeps the size of its output about that of its input.
ACTIVATIONS = {
    'linear': (lambda x: x, 1.0),
    'relu': (torch.relu, SQRT2),
    'lrelu': (lambda x: F.leaky_relu(x, 0.2), SQRT2),
    'tanh': (torch.tanh, 1.0),
    'sigmoid': (torch.sigmoid, 1.0),
    'elu': (F.elu, 1.0),
    'selu': (F.selu, 1.0),
    'softplus': (F.softplus, 1.0),
    'swish': (lambda x: x * torch.sigmoid(x), SQRT2),
}


def activate(x, bias, activation, gain=1.0, clamp=None):
    """gain * activation(x + bias), limited to +-clamp * gain; bias is one number a channel."""
    function, own_gain = ACTIVATIONS[activation]
    if bias is not None:
        x = x + bias.to(x.dtype).reshape(1, -1, *[1] * (x.ndim - 2))
    x = function(x)
    if own_gain * gain != 1:
        x = x * (own_gain * gain)
    return x if clamp is None else x.clamp(-clamp * gain, clamp * gain)


# ------------------------------------------------------------------------------------------------
# Resampling by filters. Padding is (left, right, top, bottom) at the higher rate; where it is
# negative, the image is cropped.


def normalized_filter(taps):
    """Taps with the sum 1: a plane [k, k] made of fewer than 8 taps, otherwise a vector [k]."""
    taps = torch.as_tensor([1.0] if taps is None else taps, dtype=torch.float32).reshape(-1)
    if taps.numel() < 8:
        taps = taps[:, None] * taps[None, :]
    return taps / taps.sum()


def filter_width(taps):
    return 1 if taps is None else taps.shape[-1]


def _passes(taps, factor):
    """Kernels with their steps (vertical, horizontal): one for a plane, two for a vector."""
    if taps.ndim == 2:
        return [(taps, (factor, factor))]
    return [(taps[None, :], (1, factor)), (taps[:, None], (factor, 1))]


def _per_plane(x, function):
    """Applies a function of [planes, 1, H, W], in f32 at least, to each plane of x."""
    exact = x.to(torch.float32) if x.dtype == torch.float16 else x
    y = function(exact.reshape(-1, 1, *x.shape[2:]))
    return y.reshape(*x.shape[:2], *y.shape[2:]).to(x.dtype)


def upsample(x, taps, factor, padding):
    """Inserts zeros after each pixel, pads, convolves with the filter; keeps the mean."""
    if taps is None:
        taps = torch.ones([1], device=x.device)
    left, right, top, bottom = padding

    def run(planes):
        for kernel, (sy, sx) in _passes(taps.to(planes.dtype), factor):
            planes = F.conv_transpose2d(planes, (kernel * (sx * sy))[None, None], stride=(sy, sx))
        # The transposed convolution gives every pixel that the filter reaches. This keeps those
        # that a filter inside the padded image would give.
        k = taps.shape[-1] - 1
        cut = [left - k, right - k + factor - 1, top - k, bottom - k + factor - 1]
        return F.pad(planes, cut)

    return _per_plane(x, run)


def downsample(x, taps, factor, padding=(0, 0, 0, 0), correlate=False):
    """Pads, convolves with the filter, keeps every factor-th pixel, starting with the first."""
    if taps is None:
        return F.pad(x, padding)[:, :, ::factor, ::factor]
    if not correlate:
        taps = taps.flip(list(range(taps.ndim)))

    def run(planes):
        planes = F.pad(planes, list(padding))
        for kernel, stride in _passes(taps.to(planes.dtype), factor):
            planes = F.conv2d(planes, kernel[None, None], stride=stride)
        return planes

    return _per_plane(x, run)


def upsample_padding(taps, factor):
    """Padding with which an image grows to exactly factor times its size."""
    k = filter_width(taps)
    before, after = (k + factor - 1) // 2, (k - factor) // 2
    return [before, after, before, after]


def downsample_padding(taps, factor):
    """Padding with which an image shrinks to exactly one factor-th of its size."""
    k = filter_width(taps)
    before, after = (k - factor + 1) // 2, (k - factor) // 2
    return [before, after, before, after]


# ------------------------------------------------------------------------------------------------
# From z to w.


def unit_rms(x):
    """Each row scaled so that the mean of its squares is 1."""
    return x * (x.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()


@persistence.persistent_class
class FullyConnectedLayer(Part):
    """activation(x @ weight.T * weight_gain + bias * bias_gain) for x [N, in_features]."""

    def __init__(
        self,
        in_features,
        out_features,
        activation='linear',
        lr_multiplier=1,
        weight_init=1,
        bias_init=0,
        bias=True,
    ):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.activation = activation
        self.weight_gain = lr_multiplier / math.sqrt(in_features)
        self.bias_gain = lr_multiplier
        start = torch.randn([out_features, in_features]) * (weight_init / lr_multiplier)
        self.weight = torch.nn.Parameter(start)
        shift = torch.full([out_features], float(bias_init)) / lr_multiplier
        self.bias = torch.nn.Parameter(shift) if bias else None

    def forward(self, x):
        y = x @ (self.weight * self.weight_gain).to(x.dtype).t()
        bias = None if self.bias is None else self.bias * self.bias_gain
        return activate(y, bias, self.activation)


@persistence.persistent_class
class MappingNetwork(Part):
    """z [N, z_dim] and labels c [N, c_dim] to ws [N, num_ws, w_dim].

    Without num_ws (in discriminators) the result is [N, w_dim] and nothing is averaged.
    """

    def __init__(
        self,
        z_dim,
        c_dim,
        w_dim,
        num_ws,
        num_layers=8,
        embed_features=None,
        layer_features=None,
        activation='lrelu',
        lr_multiplier=0.01,
        w_avg_beta=0.998,
    ):
        super().__init__()
        self.z_dim = z_dim
        self.c_dim = c_dim
        self.w_dim = w_dim
        self.num_ws = num_ws
        self.num_layers = num_layers
        self.w_avg_beta = w_avg_beta
        embedded = 0
        self.embed = None
        if c_dim > 0:
            embedded = w_dim if embed_features is None else embed_features
            self.embed = FullyConnectedLayer(c_dim, embedded)
        hidden = w_dim if layer_features is None else layer_features
        widths = [z_dim + embedded] + [hidden] * (num_layers - 1) + [w_dim]
        for i in range(num_layers):
            layer = FullyConnectedLayer(widths[i], widths[i + 1], activation, lr_multiplier)
            setattr(self, f'fc{i}', layer)
        if num_ws is not None and w_avg_beta is not None:
            self.register_buffer('w_avg', torch.zeros([w_dim]))

    def forward(self, z, c, truncation_psi=1, truncation_cutoff=None, update_emas=False):
        parts = []
        if self.z_dim > 0:
            parts.append(unit_rms(z.to(torch.float32)))
        if self.c_dim > 0:
            parts.append(unit_rms(self.embed(c.to(torch.float32))))
        x = torch.cat(parts, dim=1)
        for i in range(self.num_layers):
            x = getattr(self, f'fc{i}')(x)
        if self.num_ws is None:
            return x
        if update_emas and self.w_avg_beta is not None:
            mean = x.detach().mean(dim=0)
            self.w_avg.copy_(mean.lerp(self.w_avg, self.w_avg_beta))
        ws = x[:, None].repeat(1, self.num_ws, 1)
        if truncation_psi == 1:
            return ws
        if self.w_avg_beta is None:
            raise ValueError('The network has no average w, towards which truncation would pull.')
        count = self.num_ws if truncation_cutoff is None else truncation_cutoff
        pulled = self.w_avg.lerp(ws[:, :count], truncation_psi)
        return torch.cat([pulled, ws[:, count:]], dim=1)


def check_ws(ws, num_ws, w_dim):
    if ws.ndim != 3 or tuple(ws.shape[1:]) != (num_ws, w_dim):
        raise ValueError(f'ws has the shape {tuple(ws.shape)}; [N, {num_ws}, {w_dim}] is needed.')


def runs_in_half(use_fp16, force_fp32, x):
    """Only GPUs compute in half precision, and only where the network was made for it."""
    return torch.float16 if use_fp16 and not force_fp32 and x.is_cuda else torch.float32
