# SPDX-License-Identifier: Apache-2.0
# AliasFree: the generator of StyleGAN3 (Karras et al., 2021), configurations T and R. Follows
# layers.py.
#
# Signals are treated as if they were continuous: each layer knows the frequencies that its input
# and its output may hold, and its non-linearity runs at a higher sampling rate between two filters
# that keep out what either could not represent.

# ------------------------------------------------------------------------------------------------
# Filters.


def lowpass_filter(taps, cutoff, width, rate, radial=False):
    """A low-pass filter by Kaiser's window.

    taps: how many; one means no filter. cutoff: the frequency where it halves. width: of the
    transition from passing to stopping. rate: of the samples, in the unit of the others.
    radial: a plane [taps, taps] that treats all directions alike, instead of a vector.
    """
    if taps == 1:
        return None
    attenuation = 2.285 * (taps - 1) * math.pi * (2 * width / rate) + 7.95
    if attenuation > 50:
        beta = 0.1102 * (attenuation - 8.7)
    elif attenuation > 21:
        beta = 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21)
    else:
        beta = 0.0
    window = np.kaiser(taps, beta)
    place = (np.arange(taps) - (taps - 1) / 2) / rate
    if radial:
        from scipy.special import j1  # Only files of configuration R need SciPy.

        r = np.hypot(place[:, None], place[None, :])
        f = j1(2 * math.pi * cutoff * r) / (math.pi * r) * window[:, None] * window[None, :]
    else:
        f = np.sinc(2 * cutoff * place) * window
    return torch.as_tensor(f / f.sum(), dtype=torch.float32)


# ------------------------------------------------------------------------------------------------
# Layers.


def modulated_convolution(x, weight, styles, demodulate, input_gain, padding):
    """Convolves each sample with a weight of its own, scaled along its inputs by its styles.

    x [N, I, H, W], weight [O, I, k, k], styles [N, I]. With demodulation every output has the
    variance that it would have if inputs of the variance 1 / input_gain ** 2 did not correlate.
    """
    n, inputs, height, width = x.shape
    outputs, _, k, _ = weight.shape
    if demodulate:
        weight = weight * weight.square().mean(dim=[1, 2, 3], keepdim=True).rsqrt()
        styles = styles * styles.square().mean().rsqrt()
    own = weight[None] * styles[:, None, :, None, None]
    if demodulate:
        own = own * (own.square().sum(dim=[2, 3, 4], keepdim=True) + 1e-8).rsqrt()
    own = (own * input_gain).to(x.dtype).reshape(n * outputs, inputs, k, k)
    y = F.conv2d(x.reshape(1, n * inputs, height, width), own, padding=padding, groups=n)
    return y.reshape(n, outputs, *y.shape[2:])


@persistence.persistent_class
class SynthesisInput(Part):
    """Waves of random frequencies and phases, moved and turned by w; then mixed.

    transform is the inverse of the user's matrix, which moves and turns the image.
    """

    def __init__(self, w_dim, channels, size, sampling_rate, bandwidth):
        super().__init__()
        self.w_dim = w_dim
        self.channels = channels
        self.size = np.array([size, size])
        self.sampling_rate = sampling_rate
        self.bandwidth = bandwidth
        direction = torch.randn([channels, 2])
        r = direction.norm(dim=1, keepdim=True)
        # Uniform in a disc: by r ** 2 the radius of a normal vector is brought to that of one.
        freqs = direction / (r * r.square().exp().pow(0.25)) * bandwidth
        self.weight = torch.nn.Parameter(torch.randn([channels, channels]))
        self.affine = FullyConnectedLayer(w_dim, 4, weight_init=0)
        with torch.no_grad():
            self.affine.bias.copy_(torch.tensor([1.0, 0.0, 0.0, 0.0]))
        self.register_buffer('transform', torch.eye(3))
        self.register_buffer('freqs', freqs)
        self.register_buffer('phases', torch.rand([channels]) - 0.5)

    def forward(self, w):
        t = self.affine(w)
        cos, sin, tx, ty = (t / t[:, :2].norm(dim=1, keepdim=True)).unbind(dim=1)
        # Turned after it is moved by (-tx, -ty); then as the user says.
        matrix = torch.stack(
            [
                torch.stack([cos, -sin, sin * ty - cos * tx], dim=1),
                torch.stack([sin, cos, -sin * tx - cos * ty], dim=1),
            ],
            dim=1,
        )
        matrix = matrix @ self.transform
        phases = self.phases[:, None] + self.freqs @ matrix[:, :, 2:]
        freqs = self.freqs @ matrix[:, :, :2]
        # Frequencies beyond the band, which a transform may cause, fade out before they alias.
        over = freqs.norm(dim=2) - self.bandwidth
        amplitudes = (1 - over / (self.sampling_rate / 2 - self.bandwidth)).clamp(0, 1)
        x = self._positions(int(self.size[0]), w.device)[None, None, None, :]
        y = self._positions(int(self.size[1]), w.device)[None, None, :, None]
        fx, fy = freqs[:, :, :1, None], freqs[:, :, 1:, None]
        waves = torch.sin((x * fx + y * fy + phases[:, :, :, None]) * (2 * math.pi))
        waves = waves * amplitudes[:, :, None, None]
        mix = self.weight / math.sqrt(self.channels)
        return F.conv2d(waves, mix[:, :, None, None])

    def _positions(self, size, device):
        """Middles of pixels; the picture without its margin goes from -1/2 to 1/2."""
        pixels = torch.arange(size, device=device, dtype=torch.float32)
        return (pixels + (0.5 - size / 2)) / self.sampling_rate


@persistence.persistent_class
class SynthesisLayer(Part):
    """A convolution steered by w, then a non-linearity between two filters.

    before and after tell of the input and the output: size, channels, rate (of samples), cutoff
    and half_width (of the transition band).
    """

    def __init__(
        self,
        w_dim,
        before,
        after,
        is_torgb,
        is_critically_sampled,
        use_fp16,
        conv_kernel,
        filter_size,
        lrelu_upsampling,
        use_radial_filters,
        conv_clamp,
        magnitude_ema_beta,
    ):
        super().__init__()
        self.w_dim = w_dim
        self.is_torgb = is_torgb
        self.is_critically_sampled = is_critically_sampled
        self.use_fp16 = use_fp16
        self.in_channels, self.out_channels = before['channels'], after['channels']
        self.in_size = np.array([before['size']] * 2)
        self.out_size = np.array([after['size']] * 2)
        self.in_sampling_rate, self.out_sampling_rate = before['rate'], after['rate']
        self.in_cutoff, self.out_cutoff = before['cutoff'], after['cutoff']
        self.in_half_width, self.out_half_width = before['half_width'], after['half_width']
        self.conv_kernel = 1 if is_torgb else conv_kernel
        self.conv_clamp = conv_clamp
        self.magnitude_ema_beta = magnitude_ema_beta
        rate = max(before['rate'], after['rate']) * (1 if is_torgb else lrelu_upsampling)
        self.tmp_sampling_rate = rate
        self.up_factor = int(round(rate / before['rate']))
        self.down_factor = int(round(rate / after['rate']))
        self.up_taps = self._taps(self.up_factor, filter_size)
        self.down_taps = self._taps(self.down_factor, filter_size)
        self.down_radial = use_radial_filters and not is_critically_sampled
        self.padding = self._padding()
        shape = [self.out_channels, self.in_channels, self.conv_kernel, self.conv_kernel]
        self.weight = torch.nn.Parameter(torch.randn(shape))
        self.bias = torch.nn.Parameter(torch.zeros([self.out_channels]))
        self.affine = FullyConnectedLayer(w_dim, self.in_channels, bias_init=1)
        self.register_buffer('magnitude_ema', torch.ones([]))
        up = lowpass_filter(self.up_taps, self.in_cutoff, 2 * self.in_half_width, rate)
        self.register_buffer('up_filter', up)
        down = lowpass_filter(
            self.down_taps, self.out_cutoff, 2 * self.out_half_width, rate, self.down_radial
        )
        self.register_buffer('down_filter', down)

    def _taps(self, factor, filter_size):
        return filter_size * factor if factor > 1 and not self.is_torgb else 1

    def _padding(self):
        """What makes the output out_size, with the middle of the picture staying in the middle."""
        before, after = int(self.in_size[0]), int(self.out_size[0])
        needed = (after - 1) * self.down_factor + 1 + self.up_taps + self.down_taps - 2
        total = needed - (before + self.conv_kernel - 1) * self.up_factor
        low = (total + self.up_factor) // 2
        return [low, total - low, low, total - low]

    def forward(self, x, w, noise_mode='random', force_fp32=False, update_emas=False):
        if update_emas:
            power = x.detach().to(torch.float32).square().mean()
            self.magnitude_ema.copy_(power.lerp(self.magnitude_ema, self.magnitude_ema_beta))
        styles = self.affine(w)
        if self.is_torgb:
            styles = styles / math.sqrt(self.in_channels * self.conv_kernel**2)
        x = modulated_convolution(
            x.to(runs_in_half(self.use_fp16, force_fp32, x)),
            self.weight,
            styles,
            demodulate=not self.is_torgb,
            input_gain=self.magnitude_ema.rsqrt(),
            padding=self.conv_kernel - 1,
        )
        x = x + self.bias.to(x.dtype)[None, :, None, None]
        x = upsample(x, self.up_filter, self.up_factor, self.padding)
        x = activate(x, None, 'linear' if self.is_torgb else 'lrelu')
        if self.conv_clamp is not None:
            x = x.clamp(-self.conv_clamp, self.conv_clamp)
        return downsample(x, self.down_filter, self.down_factor)


# ------------------------------------------------------------------------------------------------
# Networks.


@persistence.persistent_class
class SynthesisNetwork(Part):
    """ws [N, num_ws, w_dim] to images: the input, num_layers layers and one to RGB."""

    def __init__(
        self,
        w_dim,
        img_resolution,
        img_channels,
        channel_base=32768,
        channel_max=512,
        num_layers=14,
        num_critical=2,
        first_cutoff=2,
        first_stopband=2**2.1,
        last_stopband_rel=2**0.3,
        margin_size=10,
        output_scale=0.25,
        num_fp16_res=4,
        conv_kernel=3,
        filter_size=6,
        lrelu_upsampling=2,
        use_radial_filters=False,
        conv_clamp=256,
        magnitude_ema_beta=0.999,
    ):
        super().__init__()
        self.w_dim = w_dim
        self.num_ws = num_layers + 2
        self.img_resolution = img_resolution
        self.img_channels = img_channels
        self.num_layers = num_layers
        self.num_critical = num_critical
        self.margin_size = margin_size
        self.output_scale = output_scale
        self.num_fp16_res = num_fp16_res
        # Cutoff and stop band grow by a constant factor from layer to layer, up to those of the
        # image; the last layers, critically sampled, stay there.
        nyquist = img_resolution / 2
        stages = []
        for i in range(num_layers + 1):
            e = min(i / (num_layers - num_critical), 1)
            cutoff = first_cutoff * (nyquist / first_cutoff) ** e
            stopband = first_stopband * (nyquist * last_stopband_rel / first_stopband) ** e
            rate = float(2 ** math.ceil(math.log2(min(2 * stopband, img_resolution))))
            whole = i >= num_layers - 1
            channels = int(round(min(channel_base / 2 / cutoff, channel_max)))
            stages.append(
                dict(
                    size=img_resolution if whole else int(rate) + 2 * margin_size,
                    channels=img_channels if i == num_layers else channels,
                    rate=rate,
                    cutoff=cutoff,
                    half_width=max(stopband, rate / 2) - cutoff,
                )
            )
        first = stages[0]
        self.input = SynthesisInput(
            w_dim, first['channels'], first['size'], first['rate'], first['cutoff']
        )
        self.layer_names = []
        for i, after in enumerate(stages):
            layer = SynthesisLayer(
                w_dim,
                before=stages[max(i - 1, 0)],
                after=after,
                is_torgb=i == num_layers,
                is_critically_sampled=i >= num_layers - num_critical,
                use_fp16=after['rate'] * 2**num_fp16_res > img_resolution,
                conv_kernel=conv_kernel,
                filter_size=filter_size,
                lrelu_upsampling=lrelu_upsampling,
                use_radial_filters=use_radial_filters,
                conv_clamp=conv_clamp,
                magnitude_ema_beta=magnitude_ema_beta,
            )
            name = f'L{i}_{after["size"]}_{after["channels"]}'
            setattr(self, name, layer)
            self.layer_names.append(name)

    def forward(self, ws, noise_mode='random', force_fp32=False, update_emas=False):
        """noise_mode is there because StyleGAN2 has it; this generator draws no noise."""
        check_ws(ws, self.num_ws, self.w_dim)
        ws = ws.to(torch.float32).unbind(dim=1)
        x = self.input(ws[0])
        for name, w in zip(self.layer_names, ws[1:]):
            x = getattr(self, name)(x, w, noise_mode, force_fp32, update_emas)
        return x.to(torch.float32) * self.output_scale


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
        mapping_kwargs = {'num_layers': 2, **mapping_kwargs}
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
