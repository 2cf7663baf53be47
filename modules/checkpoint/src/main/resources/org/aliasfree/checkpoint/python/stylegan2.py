# SPDX-License-Identifier: Apache-2.0
# AliasFree: the generator of StyleGAN2 (Karras et al., 2020). Follows convolutions.py.

# ------------------------------------------------------------------------------------------------
# Layers.


def modulated_convolution(x, weight, styles, taps=None, up=1, demodulate=True):
    """Scales each sample's inputs by its styles, convolves, and scales the outputs back.

    That is the same as a weight of its own for each sample, and needs only one. x [N, I, H, W],
    weight [O, I, k, k], styles [N, I].
    """
    if demodulate and x.dtype == torch.float16:  # The factor cancels, and nothing overflows.
        weight = weight / weight.abs().amax(dim=[1, 2, 3], keepdim=True)
        weight = weight / math.sqrt(weight[0].numel())
        styles = styles / styles.abs().amax(dim=1, keepdim=True)
    y = x * styles.to(x.dtype)[:, :, None, None]
    y = resampled_convolution(y, weight.to(x.dtype), taps, up=up)
    if demodulate:
        power = styles.square() @ weight.square().sum(dim=[2, 3]).t()
        y = y * (power + 1e-8).rsqrt().to(y.dtype)[:, :, None, None]
    return y


@persistence.persistent_class
class SynthesisLayer(Part):
    """A convolution steered by w, noise, an activation."""

    def __init__(
        self,
        in_channels,
        out_channels,
        w_dim,
        resolution,
        kernel_size=3,
        up=1,
        use_noise=True,
        activation='lrelu',
        resample_filter=(1, 3, 3, 1),
        conv_clamp=None,
    ):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.w_dim = w_dim
        self.resolution = resolution
        self.up = up
        self.use_noise = use_noise
        self.activation = activation
        self.conv_clamp = conv_clamp
        self.padding = kernel_size // 2
        self.act_gain = ACTIVATIONS[activation][1]
        self.affine = FullyConnectedLayer(w_dim, in_channels, bias_init=1)
        shape = [out_channels, in_channels, kernel_size, kernel_size]
        self.weight = torch.nn.Parameter(torch.randn(shape))
        self.register_buffer('resample_filter', normalized_filter(resample_filter))
        if use_noise:
            self.register_buffer('noise_const', torch.randn([resolution, resolution]))
            self.noise_strength = torch.nn.Parameter(torch.zeros([]))
        self.bias = torch.nn.Parameter(torch.zeros([out_channels]))

    def forward(self, x, w, noise_mode='random', gain=1):
        styles = self.affine(w)
        x = modulated_convolution(x, self.weight, styles, self.resample_filter, self.up)
        if self.use_noise and noise_mode != 'none':
            if noise_mode == 'random':
                noise = torch.randn([x.shape[0], 1, *x.shape[2:]], device=x.device)
            elif noise_mode == 'const':
                noise = self.noise_const
            else:
                raise ValueError(f'noise_mode is {noise_mode!r}; it is random, const or none.')
            x = x + (noise * self.noise_strength).to(x.dtype)
        return activate(x, self.bias, self.activation, gain, self.conv_clamp)


@persistence.persistent_class
class ToRGBLayer(Part):
    """A 1x1 convolution to the channels of the image, steered by w."""

    def __init__(self, in_channels, out_channels, w_dim, kernel_size=1, conv_clamp=None):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.w_dim = w_dim
        self.conv_clamp = conv_clamp
        self.weight_gain = 1 / math.sqrt(in_channels * kernel_size**2)
        self.affine = FullyConnectedLayer(w_dim, in_channels, bias_init=1)
        shape = [out_channels, in_channels, kernel_size, kernel_size]
        self.weight = torch.nn.Parameter(torch.randn(shape))
        self.bias = torch.nn.Parameter(torch.zeros([out_channels]))

    def forward(self, x, w):
        styles = self.affine(w) * self.weight_gain
        x = modulated_convolution(x, self.weight, styles, demodulate=False)
        return activate(x, self.bias, 'linear', clamp=self.conv_clamp)


# ------------------------------------------------------------------------------------------------
# Networks.


@persistence.persistent_class
class SynthesisBlock(Part):
    """The layers of one resolution. in_channels is 0 in the first, which starts from a constant."""

    def __init__(
        self,
        in_channels,
        out_channels,
        w_dim,
        resolution,
        img_channels,
        is_last,
        architecture,
        resample_filter,
        conv_clamp,
        use_fp16,
        kernel_size,
        use_noise,
        activation,
    ):
        super().__init__()
        self.in_channels = in_channels
        self.w_dim = w_dim
        self.resolution = resolution
        self.img_channels = img_channels
        self.is_last = is_last
        self.architecture = architecture
        self.use_fp16 = use_fp16
        self.register_buffer('resample_filter', normalized_filter(resample_filter))
        settings = dict(
            w_dim=w_dim,
            resolution=resolution,
            kernel_size=kernel_size,
            use_noise=use_noise,
            activation=activation,
            conv_clamp=conv_clamp,
        )
        self.num_conv = 1
        self.num_torgb = 0
        if in_channels == 0:
            self.const = torch.nn.Parameter(torch.randn([out_channels, resolution, resolution]))
        else:
            self.num_conv = 2
            self.conv0 = SynthesisLayer(
                in_channels, out_channels, up=2, resample_filter=resample_filter, **settings
            )
        self.conv1 = SynthesisLayer(out_channels, out_channels, **settings)
        if is_last or architecture == 'skip':
            self.num_torgb = 1
            self.torgb = ToRGBLayer(out_channels, img_channels, w_dim, conv_clamp=conv_clamp)
        if in_channels != 0 and architecture == 'resnet':
            self.skip = Conv2dLayer(
                in_channels, out_channels, 1, bias=False, up=2, resample_filter=resample_filter
            )

    def forward(self, x, img, ws, noise_mode='random', force_fp32=False):
        """Features and image of the block before (None in the first), ws [N, used here, w_dim]."""
        ws = list(ws.unbind(dim=1))
        dtype = runs_in_half(self.use_fp16, force_fp32, ws[0])
        if self.in_channels == 0:
            x = self.const.to(dtype)[None].repeat(len(ws[0]), 1, 1, 1)
            x = self.conv1(x, ws.pop(0), noise_mode)
        else:
            x = x.to(dtype)
            around = self.skip(x, gain=ROOT_HALF) if self.architecture == 'resnet' else None
            gain = 1 if around is None else ROOT_HALF
            x = self.conv0(x, ws.pop(0), noise_mode)
            x = self.conv1(x, ws.pop(0), noise_mode, gain)
            x = x if around is None else around + x
        if img is not None:
            img = upsample(img, self.resample_filter, 2, upsample_padding(self.resample_filter, 2))
        if self.num_torgb:
            y = self.torgb(x, ws.pop(0)).to(torch.float32)
            img = y if img is None else img + y
        return x, img


@persistence.persistent_class
class SynthesisNetwork(Part):
    """ws [N, num_ws, w_dim] to images: blocks b4, b8 and so on up to the resolution.

    fused_modconv_default and fp16_channels_last choose how other code computes the same; they are
    taken and not used.
    """

    def __init__(
        self,
        w_dim,
        img_resolution,
        img_channels,
        channel_base=32768,
        channel_max=512,
        num_fp16_res=4,
        architecture='skip',
        resample_filter=(1, 3, 3, 1),
        conv_clamp=256,
        kernel_size=3,
        use_noise=True,
        activation='lrelu',
        fused_modconv_default=True,
        fp16_channels_last=False,
    ):
        super().__init__()
        self.w_dim = w_dim
        self.img_resolution = img_resolution
        self.img_resolution_log2 = int(math.log2(img_resolution))
        self.img_channels = img_channels
        self.num_fp16_res = num_fp16_res
        self.block_resolutions = [2**i for i in range(2, self.img_resolution_log2 + 1)]
        half = first_half_resolution(img_resolution, num_fp16_res)
        self.num_ws = 1
        channels = 0
        for resolution in self.block_resolutions:
            before, channels = channels, channels_at(resolution, channel_base, channel_max)
            block = SynthesisBlock(
                before,
                channels,
                w_dim,
                resolution,
                img_channels,
                is_last=resolution == img_resolution,
                architecture=architecture,
                resample_filter=resample_filter,
                conv_clamp=conv_clamp,
                use_fp16=num_fp16_res > 0 and resolution >= half,
                kernel_size=kernel_size,
                use_noise=use_noise,
                activation=activation,
            )
            self.num_ws += block.num_conv
            setattr(self, f'b{resolution}', block)

    def forward(
        self, ws, noise_mode='random', force_fp32=False, fused_modconv=None, update_emas=False
    ):
        check_ws(ws, self.num_ws, self.w_dim)
        ws = ws.to(torch.float32)
        x = img = None
        first = 0
        for resolution in self.block_resolutions:
            block = getattr(self, f'b{resolution}')
            # The layer to RGB takes the w that the next block's first convolution takes too.
            own = ws[:, first : first + block.num_conv + block.num_torgb]
            x, img = block(x, img, own, noise_mode, force_fp32)
            first += block.num_conv
        return img


@persistence.persistent_class
class Generator(Network):
    """z [N, z_dim] and labels c [N, c_dim] to images [N, img_channels, R, R], about -1 to 1."""

    def __init__(
        self,
        z_dim,
        c_dim,
        w_dim,
        img_resolution,
        img_channels,
        mapping_kwargs={},
        **synthesis_kwargs,
    ):
        super().__init__()
        self.z_dim = z_dim
        self.c_dim = c_dim
        self.w_dim = w_dim
        self.img_resolution = img_resolution
        self.img_channels = img_channels
        self.synthesis = SynthesisNetwork(w_dim, img_resolution, img_channels, **synthesis_kwargs)
        self.num_ws = self.synthesis.num_ws
        self.mapping = MappingNetwork(z_dim, c_dim, w_dim, self.num_ws, **mapping_kwargs)

    def forward(
        self,
        z,
        c,
        truncation_psi=1,
        truncation_cutoff=None,
        update_emas=False,
        **synthesis_kwargs,
    ):
        ws = self.mapping(z, c, truncation_psi, truncation_cutoff, update_emas)
        return self.synthesis(ws, update_emas=update_emas, **synthesis_kwargs)
