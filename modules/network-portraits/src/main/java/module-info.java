/** A small trained network, found by the service loader. */
module org.aliasfree.network.portraits {
  requires org.aliasfree.checkpoint;
  requires static org.jspecify;

  provides org.aliasfree.checkpoint.BundledNetwork with
      org.aliasfree.network.portraits.EmojiPortraits;
}
