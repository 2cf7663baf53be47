/** Training of StyleGAN networks: losses, optimiser, schedules, adaptive augmentation. */
module org.aliasfree.training {
  requires static org.jspecify;
  requires transitive org.aliasfree.api;

  exports org.aliasfree.training;
  exports org.aliasfree.training.augment;
}
