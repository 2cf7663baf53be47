/** Training of StyleGAN networks: adaptive discriminator augmentation. */
module org.aliasfree.training {
  requires static org.jspecify;
  requires transitive org.aliasfree.api;

  exports org.aliasfree.training.augment;
}
