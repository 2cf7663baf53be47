# SPDX-License-Identifier: Apache-2.0
# AliasFree: the augmentation pipe of StyleGAN2-ADA (Karras et al., 2020, appendix B). Follows
# layers.py.
#
# It is in a network file to tell what the discriminator was trained with; nothing that generates
# needs it. It augments as in training, and gradients pass through once: PyTorch's grid_sample has
# no second derivative, which a penalty on the gradients of the discriminator would need.

SYM2 = [-0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025]
SYM6 = [
    0.015404109327027373,
    0.0034907120842174702,
    -0.11799011114819057,
    -0.048311742585633,
    0.4910559419267466,
    0.787641141030194,
    0.3379294217276218,
    -0.07263752278646252,
    -0.021060292512300564,
    0.04472490177066578,
    0.0017677118642428036,
    -0.007800708325034148,
]


def filter_bank():
    """Filters [4, 43] that take an image apart into four bands; their sum is the image."""
    low = np.convolve(SYM2, SYM2[::-1]) / 2
    mirror = np.array(SYM2) * (-1.0) ** np.arange(4)
    high = np.convolve(mirror, mirror[::-1]) / 2
    bank = np.eye(4, 1)
    for i in range(1, 4):
        spread = np.zeros([4, 2 * bank.shape[1] - 1])
        spread[:, ::2] = bank
        bank = np.stack([np.convolve(row, low) for row in spread])
        start = (bank.shape[1] - len(high)) // 2
        bank[i, start : start + len(high)] += high
    return bank


# ------------------------------------------------------------------------------------------------
# Matrices [N, 3, 3] of the plane, of numbers or vectors [N].


def matrix(like, *rows):
    """A matrix for each sample from entries that are numbers or have one value a sample."""
    entry = lambda e: e if torch.is_tensor(e) else like.new_full([len(like)], float(e))
    return torch.stack([torch.stack([entry(e) for e in row], dim=1) for row in rows], dim=1)


def shift(like, x, y):
    return matrix(like, [1, 0, x], [0, 1, y], [0, 0, 1])


def stretch(like, x, y):
    return matrix(like, [x, 0, 0], [0, y, 0], [0, 0, 1])


def turn(angle):
    cos, sin = angle.cos(), angle.sin()
    return matrix(angle, [cos, -sin, 0], [sin, cos, 0], [0, 0, 1])


# ------------------------------------------------------------------------------------------------


@persistence.persistent_class
class AugmentPipe(Network):
    """Images [N, C, H, W], augmented: each in each way with the probability p times a multiplier.

    Multipliers (0: never) have the names of what is done, strengths those with an ending.
    """

    def __init__(
        self,
        xflip=0,
        rotate90=0,
        xint=0,
        xint_max=0.125,
        scale=0,
        rotate=0,
        aniso=0,
        xfrac=0,
        scale_std=0.2,
        rotate_max=1,
        aniso_std=0.2,
        xfrac_std=0.125,
        brightness=0,
        contrast=0,
        lumaflip=0,
        hue=0,
        saturation=0,
        brightness_std=0.2,
        contrast_std=0.5,
        hue_max=1,
        saturation_std=1,
        imgfilter=0,
        imgfilter_bands=(1, 1, 1, 1),
        imgfilter_std=1,
        noise=0,
        cutout=0,
        noise_std=0.1,
        cutout_size=0.5,
    ):
        settings = {k: v for k, v in locals().items() if k not in ('self', '__class__')}
        super().__init__()
        for name, value in settings.items():
            setattr(self, name, list(value) if name == 'imgfilter_bands' else float(value))
        low_pass = torch.tensor(SYM6, dtype=torch.float32)
        self.register_buffer('p', torch.ones([]))
        self.register_buffer('Hz_geom', low_pass / low_pass.sum())
        self.register_buffer('Hz_fbank', torch.as_tensor(filter_bank(), dtype=torch.float32))

    def forward(self, images):
        images = self._warp(images)
        images = self._recolor(images)
        images = self._filter(images)
        return self._corrupt(images)

    # What is drawn. Each value is drawn before it is decided whether it counts.

    def _gated(self, values, neutral, multiplier):
        """The values, where the draw says so; elsewhere what changes nothing."""
        dice = torch.rand([len(values), *[1] * (values.ndim - 1)], device=values.device)
        return torch.where(dice < multiplier * self.p, values, torch.full_like(values, neutral))

    def _choice(self, n, count, multiplier):
        draw = torch.floor(torch.rand([n], device=self.p.device) * count)
        return self._gated(draw, 0, multiplier)

    def _uniform(self, n, most, multiplier, *sizes):
        draw = (torch.rand([n, *sizes], device=self.p.device) * 2 - 1) * most
        return self._gated(draw, 0, multiplier)

    def _normal(self, n, std, multiplier, *sizes):
        draw = torch.randn([n, *sizes], device=self.p.device) * std
        return self._gated(draw, 0, multiplier)

    # Geometry.

    def _warp(self, images):
        n, _, height, width = images.shape
        parts = self._motions(n, height, width)
        if not parts:
            return images
        like = parts[0][:, 0, 0]
        to_source = parts[0]
        for part in parts[1:]:
            to_source = to_source @ part
        low_pass = self.Hz_geom
        reach = len(low_pass) // 4
        # As much of the mirrored surroundings as any corner of any sample looks at.
        cx, cy = (width - 1) / 2, (height - 1) / 2
        corners = [[-cx, cx, cx, -cx], [-cy, -cy, cy, cy], [1.0] * 4]
        seen = (to_source @ torch.tensor(corners, device=images.device))[:, :2]
        beyond = torch.cat([-seen, seen], dim=1).amax(dim=[0, 2])
        beyond = beyond + torch.tensor([2 * reach - cx, 2 * reach - cy] * 2, device=images.device)
        most = torch.tensor([width - 1.0, height - 1.0] * 2, device=images.device)
        left, top, right, bottom = beyond.clamp(min=0).min(most).ceil().int().tolist()
        images = F.pad(images, [left, right, top, bottom], mode='reflect')
        to_source = shift(like, (left - right) / 2, (top - bottom) / 2) @ to_source
        # At twice the size, so that no detail is lost between pixels.
        images = upsample(images, low_pass, 2, upsample_padding(low_pass, 2))
        to_source = stretch(like, 2, 2) @ to_source @ stretch(like, 0.5, 0.5)
        to_source = shift(like, -0.5, -0.5) @ to_source @ shift(like, 0.5, 0.5)
        size = [n, images.shape[1], (height + 2 * reach) * 2, (width + 2 * reach) * 2]
        to_source = stretch(like, 2 / images.shape[3], 2 / images.shape[2]) @ to_source
        to_source = to_source @ stretch(like, size[3] / 2, size[2] / 2)
        grid = F.affine_grid(to_source[:, :2], size, align_corners=False)
        images = F.grid_sample(images, grid.to(images.dtype), align_corners=False)
        padding = [side - 2 * reach for side in downsample_padding(low_pass, 2)]
        return downsample(images, low_pass, 2, padding, correlate=True)

    def _motions(self, n, height, width):
        """The inverse of each motion, in pixels from the middle, in their order."""
        parts = []
        if self.xflip > 0:
            i = self._choice(n, 2, self.xflip)
            parts.append(stretch(i, 1 - 2 * i, 1))
        if self.rotate90 > 0:
            parts.append(turn(self._choice(n, 4, self.rotate90) * (math.pi / 2)))
        if self.xint > 0:
            t = self._uniform(n, self.xint_max, self.xint, 2)
            x, y = t[:, 0], t[:, 1]
            parts.append(shift(x, -(x * width).round(), -(y * height).round()))
        if self.scale > 0:
            s = 2 ** -self._normal(n, self.scale_std, self.scale)
            parts.append(stretch(s, s, s))
        # Two turns, before and after stretching, that together happen as often as asked for.
        often = 1 - (1 - (self.rotate * self.p).clamp(0, 1)).sqrt()
        if self.rotate > 0:
            parts.append(self._turn(n, often))
        if self.aniso > 0:
            s = 2 ** -self._normal(n, self.aniso_std, self.aniso)
            parts.append(stretch(s, s, 1 / s))
        if self.rotate > 0:
            parts.append(self._turn(n, often))
        if self.xfrac > 0:
            t = self._normal(n, self.xfrac_std, self.xfrac, 2)
            parts.append(shift(t, -t[:, 0] * width, -t[:, 1] * height))
        return parts

    def _turn(self, n, often):
        angle = (torch.rand([n], device=often.device) * 2 - 1) * (math.pi * self.rotate_max)
        dice = torch.rand([n], device=often.device)
        return turn(torch.where(dice < often, angle, torch.zeros_like(angle)))

    # Colours: an affine map of (r, g, b), the same for all pixels of a sample.

    def _recolor(self, images):
        n, channels, height, width = images.shape
        device = images.device
        eye = torch.eye(3, device=device)
        luma = torch.full([3, 3], 1 / 3, device=device)  # Projects onto gray.
        linear, offset, changed = eye.repeat(n, 1, 1), torch.zeros([n, 3, 1], device=device), False

        def then(map_of_color, added=0):
            nonlocal linear, offset, changed
            linear, offset, changed = map_of_color @ linear, map_of_color @ offset + added, True

        if self.brightness > 0:
            then(eye, self._normal(n, self.brightness_std, self.brightness, 1, 1))
        if self.contrast > 0:
            then(2 ** self._normal(n, self.contrast_std, self.contrast, 1, 1) * eye)
        if self.lumaflip > 0:
            then(eye - 2 * luma * self._choice(n, 2, self.lumaflip)[:, None, None])
        if self.hue > 0 and channels > 1:
            angle = self._uniform(n, math.pi * self.hue_max, self.hue, 1, 1)
            cross = [[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]
            cross = torch.tensor(cross, device=device) / math.sqrt(3)
            then(luma + (eye - luma) * angle.cos() + cross * angle.sin())
        if self.saturation > 0 and channels > 1:
            s = 2 ** self._normal(n, self.saturation_std, self.saturation, 1, 1)
            then(luma + (eye - luma) * s)
        if not changed:
            return images
        if channels == 1:
            linear, offset = linear.sum(dim=[1, 2], keepdim=True) / 3, offset.mean(1, keepdim=True)
        elif channels != 3:
            raise ValueError(f'Images have {channels} channels; colours change where 1 or 3 are.')
        flat = images.reshape(n, channels, height * width)
        return (linear @ flat + offset).reshape(images.shape)

    # Frequencies.

    def _filter(self, images):
        if self.imgfilter == 0:
            return images
        n, channels, height, width = images.shape
        expected = torch.tensor([10.0, 1.0, 1.0, 1.0], device=images.device) / 13
        gains = torch.ones([n, 4], device=images.device)
        for i, strength in enumerate(self.imgfilter_bands):
            t = torch.ones([n, 4], device=images.device)
            t[:, i] = 2 ** self._normal(n, self.imgfilter_std, self.imgfilter * strength)
            # Natural images keep their power, whichever band was amplified.
            gains = gains * t / (expected * t.square()).sum(dim=1, keepdim=True).sqrt()
        taps = (gains @ self.Hz_fbank).repeat_interleave(channels, dim=0)[:, None]
        edge = taps.shape[2] // 2
        planes = images.reshape(1, n * channels, height, width)
        planes = F.pad(planes, [edge] * 4, mode='reflect')
        planes = F.conv2d(planes, taps[:, :, None, :], groups=n * channels)
        planes = F.conv2d(planes, taps[:, :, :, None], groups=n * channels)
        return planes.reshape(images.shape)

    # Noise and holes.

    def _corrupt(self, images):
        n, _, height, width = images.shape
        device = images.device
        if self.noise > 0:
            sigma = torch.randn([n, 1, 1, 1], device=device).abs() * self.noise_std
            sigma = self._gated(sigma, 0, self.noise)
            images = images + torch.randn(images.shape, device=device) * sigma
        if self.cutout > 0:
            size = torch.full([n, 1, 1, 1], self.cutout_size, device=device)
            half = self._gated(size, 0, self.cutout) / 2
            middle = torch.rand([n, 2, 1, 1], device=device)
            x = (torch.arange(width, device=device) + 0.5) / width
            y = (torch.arange(height, device=device) + 0.5) / height
            far_x = (x[None, None, None, :] - middle[:, :1]).abs() >= half
            far_y = (y[None, None, :, None] - middle[:, 1:]).abs() >= half
            images = images * (far_x | far_y).to(images.dtype)
        return images
