"""Times the phases of the official training loop, the peer of TrainingBench.

    STYLEGAN3_DIR=<checkout of NVlabs/stylegan3> python official_training.py --resolution 64 --batch 16 --cbase 4096 --cmax 64

Networks, losses, optimisers and the order of phases are those of `train.py --cfg=stylegan3-t --aug=ada`; images are random
and the strength of augmentation is fixed, so that every iteration does the same work. Everything official is imported, nothing
is changed. One JSON object on standard output: median seconds of each phase (gradients and the optimiser's step), of an
iteration with R1 at its share, of a thousand images, and the peak memory. Needs torch, numpy and scipy.
"""
import argparse
import copy
import json
import os
import re
import resource
import statistics
import sys
import time
import types
import warnings

AUGMENTATIONS = (
    "xflip rotate90 xint scale rotate aniso xfrac brightness contrast lumaflip hue saturation"
)
R1_INTERVAL = 16


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--resolution", type=int, default=64)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--batch-gpu", type=int, help="images computed together (all of the batch)")
    parser.add_argument("--cbase", type=int, default=4096)
    parser.add_argument("--cmax", type=int, default=64)
    parser.add_argument("--gamma", type=float, default=2)
    parser.add_argument("--augment-p", type=float, default=0.2)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


def official():
    """Makes the modules of the checkout importable; new setuptools lack a module that they use."""
    try:
        import pkg_resources  # noqa: F401
    except ImportError:
        numbers = lambda v: tuple(int(d) for d in re.findall(r"\d+", v.split("+")[0])[:3])
        sys.modules["pkg_resources"] = types.SimpleNamespace(parse_version=numbers)
    warnings.filterwarnings("ignore")
    sys.path.insert(0, os.environ["STYLEGAN3_DIR"])


class Loop:
    """Both networks, their optimisers and the loss."""

    def __init__(self, o):
        import torch
        from torch_utils.ops import conv2d_gradfix, grid_sample_gradfix
        from training.augment import AugmentPipe
        from training.loss import StyleGAN2Loss
        from training.networks_stylegan2 import Discriminator
        from training.networks_stylegan3 import Generator

        conv2d_gradfix.enabled = True
        grid_sample_gradfix.enabled = True
        torch.set_num_threads(o.threads)
        torch.manual_seed(0)
        self.torch = torch
        self.o = o
        widths = dict(channel_base=o.cbase, channel_max=o.cmax)
        beta = 0.5 ** (o.batch / 20e3)
        self.g = Generator(512, 0, 512, o.resolution, 3, mapping_kwargs=dict(num_layers=2), magnitude_ema_beta=beta, **widths)
        self.d = Discriminator(0, o.resolution, 3, epilogue_kwargs=dict(mbstd_group_size=4), **widths)
        for network in (self.g, self.d):
            network.train().requires_grad_(False)
        self.g_ema = copy.deepcopy(self.g).eval()
        augment = AugmentPipe(**{name: 1 for name in AUGMENTATIONS.split()}).train().requires_grad_(False)
        augment.p.copy_(torch.as_tensor(o.augment_p))
        self.loss = StyleGAN2Loss(torch.device("cpu"), self.g, self.d, augment_pipe=augment, r1_gamma=o.gamma)
        lazy = R1_INTERVAL / (R1_INTERVAL + 1)
        adam = torch.optim.Adam
        self.optimisers = {
            "G": adam(self.g.parameters(), lr=0.0025, betas=[0.0, 0.99], eps=1e-8),
            "D": adam(self.d.parameters(), lr=0.002 * lazy, betas=[0.0, 0.99**lazy], eps=1e-8),
        }

    def phase(self, name, gain):
        """Gradients of all micro-batches, then the optimiser's step."""
        torch, o = self.torch, self.o
        network = self.g if name[0] == "G" else self.d
        optimiser = self.optimisers[name[0]]
        optimiser.zero_grad(set_to_none=True)
        network.requires_grad_(True)
        each = o.batch_gpu or o.batch
        for _ in range(o.batch // each):
            images = torch.rand([each, 3, o.resolution, o.resolution]) * 2 - 1
            labels = torch.zeros([each, 0])
            z = torch.randn([each, 512])
            self.loss.accumulate_gradients(
                phase=name, real_img=images, real_c=labels, gen_z=z, gen_c=labels, gain=gain, cur_nimg=100_000
            )
        network.requires_grad_(False)
        for parameter in network.parameters():
            if parameter.grad is not None:
                torch.nan_to_num(parameter.grad, nan=0, posinf=1e5, neginf=-1e5, out=parameter.grad)
        optimiser.step()

    def average(self):
        with self.torch.no_grad():
            for mean, value in zip(self.g_ema.parameters(), self.g.parameters()):
                mean.copy_(value.lerp(mean, 0.999))
            for mean, value in zip(self.g_ema.buffers(), self.g.buffers()):
                mean.copy_(value)


def main():
    o = options()
    official()
    loop = Loop(o)
    steps = {
        "Gboth": lambda: loop.phase("Gboth", 1),
        "Dmain": lambda: loop.phase("Dmain", 1),
        "Dreg": lambda: loop.phase("Dreg", R1_INTERVAL),
        "ema": loop.average,
    }
    times = {name: [] for name in steps}
    for i in range(o.warmup + o.runs):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            if i >= o.warmup:
                times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(t) for name, t in times.items()}
    iteration = sum(t / (R1_INTERVAL if name == "Dreg" else 1) for name, t in medians.items())
    print(
        json.dumps(
            dict(
                peer="official",
                resolution=o.resolution,
                batch=o.batch,
                threads=o.threads,
                torch=loop.torch.__version__,
                phases={name: round(t, 4) for name, t in medians.items()},
                s_per_iteration=round(iteration, 4),
                s_per_kimg=round(iteration / o.batch * 1000, 2),
                peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            )
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
