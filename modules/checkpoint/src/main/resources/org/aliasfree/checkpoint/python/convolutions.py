# SPDX-License-Identifier: Apache-2.0
# AliasFree: convolutions and sizes that the generator of StyleGAN2 and the discriminator share.
# Follows layers.py.

ROOT_HALF = math.sqrt(0.5)


def channels_at(resolution, channel_base, channel_max):
    return min(channel_base // resolution, channel_max)


def first_half_resolution(img_resolution, num_fp16_res):
    """The lowest resolution that runs in half precision."""
    return max(img_resolution * 2 // 2**num_fp16_res, 8)


def resampled_convolution(x, weight, taps, up=1, down=1):
    """A convolution that doubles or halves the image on the way.

    Zeros that upsampling would insert are not multiplied: the convolution runs first, transposed,
    and the filter after it. weight [O, I, k, k]; where upsampling, its kernels are mirrored.
    """
    edge = weight.shape[-1] // 2
    if up > 1:
        x = F.conv_transpose2d(x, weight.transpose(0, 1), stride=up)
        cut = edge - (weight.shape[-1] - 1)
        left, right, top, bottom = [side + cut for side in upsample_padding(taps, up)]
        # downsample() by 1 is the filter alone; it does not make up for the zeros in between.
        padding = [left, right + up - 1, top, bottom + up - 1]
        return downsample(x, taps * up**taps.ndim, 1, padding)
    if down > 1:
        padding = [side + edge for side in downsample_padding(taps, down)]
        return F.conv2d(downsample(x, taps, 1, padding), weight, stride=down)
    return F.conv2d(x, weight, padding=edge)


@persistence.persistent_class
class Conv2dLayer(Part):
    """A convolution with an activation. One that is not trainable keeps its tensors as buffers."""

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        bias=True,
        activation='linear',
        up=1,
        down=1,
        resample_filter=(1, 3, 3, 1),
        conv_clamp=None,
        trainable=True,
    ):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.activation = activation
        self.up = up
        self.down = down
        self.conv_clamp = conv_clamp
        self.padding = kernel_size // 2
        self.weight_gain = 1 / math.sqrt(in_channels * kernel_size**2)
        self.act_gain = ACTIVATIONS[activation][1]
        self.register_buffer('resample_filter', normalized_filter(resample_filter))
        weight = torch.randn([out_channels, in_channels, kernel_size, kernel_size])
        shift = torch.zeros([out_channels]) if bias else None
        if trainable:
            self.weight = torch.nn.Parameter(weight)
            self.bias = torch.nn.Parameter(shift) if bias else None
        else:
            self.register_buffer('weight', weight)
            self.register_buffer('bias', shift)

    def forward(self, x, gain=1):
        weight = (self.weight * self.weight_gain).to(x.dtype)
        x = resampled_convolution(x, weight, self.resample_filter, self.up, self.down)
        return activate(x, self.bias, self.activation, gain, self.conv_clamp)
