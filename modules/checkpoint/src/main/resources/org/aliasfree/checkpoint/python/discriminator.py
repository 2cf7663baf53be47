# SPDX-License-Identifier: Apache-2.0
# AliasFree: the discriminator of StyleGAN2 (Karras et al., 2020), which StyleGAN3 has too. Follows
# convolutions.py.


@persistence.persistent_class
class DiscriminatorBlock(Part):
    """Convolutions of one resolution, which halve it; in_channels is 0 in the first.

    Layers are counted from first_layer_idx on; those below freeze_layers are not trained.
    """

    def __init__(
        self,
        in_channels,
        tmp_channels,
        out_channels,
        resolution,
        img_channels,
        first_layer_idx,
        architecture,
        use_fp16,
        conv_clamp,
        activation='lrelu',
        resample_filter=(1, 3, 3, 1),
        fp16_channels_last=False,
        freeze_layers=0,
    ):
        super().__init__()
        self.in_channels = in_channels
        self.resolution = resolution
        self.img_channels = img_channels
        self.first_layer_idx = first_layer_idx
        self.architecture = architecture
        self.use_fp16 = use_fp16
        self.num_layers = 0
        self.register_buffer('resample_filter', normalized_filter(resample_filter))

        def layer(*sizes, **settings):
            trainable = first_layer_idx + self.num_layers >= freeze_layers
            self.num_layers += 1
            return Conv2dLayer(*sizes, trainable=trainable, **settings)

        usual = dict(activation=activation, conv_clamp=conv_clamp)
        halving = dict(down=2, resample_filter=resample_filter)
        if in_channels == 0 or architecture == 'skip':
            self.fromrgb = layer(img_channels, tmp_channels, 1, **usual)
        self.conv0 = layer(tmp_channels, tmp_channels, 3, **usual)
        self.conv1 = layer(tmp_channels, out_channels, 3, **usual, **halving)
        if architecture == 'resnet':
            self.skip = layer(tmp_channels, out_channels, 1, bias=False, **halving)

    def forward(self, x, img, force_fp32=False):
        dtype = runs_in_half(self.use_fp16, force_fp32, img if x is None else x)
        if self.in_channels == 0 or self.architecture == 'skip':
            img = img.to(dtype)
            y = self.fromrgb(img)
            x = y if x is None else x.to(dtype) + y
        x = x.to(dtype)
        if self.architecture == 'skip':
            taps = self.resample_filter
            img = downsample(img, taps, 2, downsample_padding(taps, 2))
        if self.architecture == 'resnet':
            around = self.skip(x, gain=ROOT_HALF)
            return around + self.conv1(self.conv0(x), gain=ROOT_HALF), img
        return self.conv1(self.conv0(x)), img


@persistence.persistent_class
class MinibatchStdLayer(Part):
    """Adds channels that tell how much the samples of a group differ from each other.

    Sample n of N is in group n mod (N / group_size).
    """

    def __init__(self, group_size, num_channels):
        super().__init__()
        self.group_size = group_size
        self.num_channels = num_channels

    def forward(self, x):
        n, c, height, width = x.shape
        size = n if self.group_size is None else min(self.group_size, n)
        added = self.num_channels
        groups = x.reshape(size, n // size, added, c // added, height, width)
        variance = (groups - groups.mean(dim=0)).square().mean(dim=0)
        deviation = (variance + 1e-8).sqrt().mean(dim=[2, 3, 4])
        deviation = deviation.repeat(size, 1)[:, :, None, None]
        return torch.cat([x, deviation.expand(-1, -1, height, width)], dim=1)


@persistence.persistent_class
class DiscriminatorEpilogue(Part):
    """Features of 4x4 pixels to one number, or to cmap_dim numbers which the label weighs."""

    def __init__(
        self,
        in_channels,
        cmap_dim,
        resolution,
        img_channels,
        architecture,
        conv_clamp,
        mbstd_group_size=4,
        mbstd_num_channels=1,
        activation='lrelu',
    ):
        super().__init__()
        self.in_channels = in_channels
        self.cmap_dim = cmap_dim
        self.resolution = resolution
        self.img_channels = img_channels
        self.architecture = architecture
        if architecture == 'skip':
            self.fromrgb = Conv2dLayer(img_channels, in_channels, 1, activation=activation)
        self.mbstd = None
        if mbstd_num_channels > 0:
            self.mbstd = MinibatchStdLayer(mbstd_group_size, mbstd_num_channels)
        self.conv = Conv2dLayer(
            in_channels + mbstd_num_channels,
            in_channels,
            3,
            activation=activation,
            conv_clamp=conv_clamp,
        )
        self.fc = FullyConnectedLayer(in_channels * resolution**2, in_channels, activation)
        self.out = FullyConnectedLayer(in_channels, max(cmap_dim, 1))

    def forward(self, x, img, cmap, force_fp32=False):
        x = x.to(torch.float32)
        if self.architecture == 'skip':
            x = x + self.fromrgb(img.to(torch.float32))
        if self.mbstd is not None:
            x = self.mbstd(x)
        x = self.out(self.fc(self.conv(x).flatten(1)))
        if self.cmap_dim > 0:
            x = (x * cmap).sum(dim=1, keepdim=True) / math.sqrt(self.cmap_dim)
        return x


@persistence.persistent_class
class Discriminator(Network):
    """Images [N, img_channels, R, R] and labels c [N, c_dim] to logits [N, 1]: high is real."""

    def __init__(
        self,
        c_dim,
        img_resolution,
        img_channels,
        architecture='resnet',
        channel_base=32768,
        channel_max=512,
        num_fp16_res=4,
        conv_clamp=256,
        cmap_dim=None,
        block_kwargs={},
        mapping_kwargs={},
        epilogue_kwargs={},
    ):
        super().__init__()
        self.c_dim = c_dim
        self.img_resolution = img_resolution
        self.img_resolution_log2 = int(math.log2(img_resolution))
        self.img_channels = img_channels
        self.block_resolutions = [2**i for i in range(self.img_resolution_log2, 2, -1)]
        half = first_half_resolution(img_resolution, num_fp16_res)
        last = channels_at(4, channel_base, channel_max)
        if c_dim == 0:
            cmap_dim = 0
        elif cmap_dim is None:
            cmap_dim = last
        layers = 0
        for resolution in self.block_resolutions:
            own = channels_at(resolution, channel_base, channel_max)
            block = DiscriminatorBlock(
                own if resolution < img_resolution else 0,
                own,
                channels_at(resolution // 2, channel_base, channel_max),
                resolution,
                img_channels,
                first_layer_idx=layers,
                architecture=architecture,
                use_fp16=num_fp16_res > 0 and resolution >= half,
                conv_clamp=conv_clamp,
                **block_kwargs,
            )
            layers += block.num_layers
            setattr(self, f'b{resolution}', block)
        if c_dim > 0:
            self.mapping = MappingNetwork(
                0, c_dim, cmap_dim, num_ws=None, w_avg_beta=None, **mapping_kwargs
            )
        self.b4 = DiscriminatorEpilogue(
            last, cmap_dim, 4, img_channels, architecture, conv_clamp, **epilogue_kwargs
        )

    def forward(self, img, c, update_emas=False, force_fp32=False):
        """update_emas is there because generators have it; nothing is averaged here."""
        x = None
        for resolution in self.block_resolutions:
            x, img = getattr(self, f'b{resolution}')(x, img, force_fp32)
        cmap = self.mapping(None, c) if self.c_dim > 0 else None
        return self.b4(x, img, cmap)
