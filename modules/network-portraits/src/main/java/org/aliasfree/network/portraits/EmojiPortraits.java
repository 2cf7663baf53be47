package org.aliasfree.network.portraits;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.aliasfree.checkpoint.BundledNetwork;

/** StyleGAN3-T, 64×64, trained on 807 portraits among the emoji of Noto; see docs/networks.md. */
public final class EmojiPortraits implements BundledNetwork {
  static final String FILE = "emoji-portraits.safetensors";

  /** For the service loader. */
  public EmojiPortraits() {}

  @Override
  public String name() {
    return "emoji-portraits";
  }

  @Override
  public String description() {
    return "portraits in the style of emoji";
  }

  @Override
  public String pictures() {
    return "807 portraits of Noto Emoji, Apache License 2.0";
  }

  @Override
  public InputStream open() throws IOException {
    InputStream in = EmojiPortraits.class.getResourceAsStream(FILE);
    if (in == null) {
      throw new FileNotFoundException("the jar lacks " + FILE);
    }
    return in;
  }
}
