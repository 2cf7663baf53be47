/** Training of StyleGAN networks: losses, optimiser, schedules, adaptive augmentation, the loop. */
module org.aliasfree.training {
  requires static org.jspecify;
  requires transitive org.aliasfree.api;
  requires org.aliasfree.checkpoint;
  requires transitive org.aliasfree.data;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports org.aliasfree.training;
  exports org.aliasfree.training.augment;
  exports org.aliasfree.training.loop;
  exports org.aliasfree.training.report;

  opens org.aliasfree.training.loop to
      tools.jackson.databind;
}
