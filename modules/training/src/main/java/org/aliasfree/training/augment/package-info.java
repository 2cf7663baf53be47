/**
 * Adaptive discriminator augmentation (Karras et al., <i>Training Generative Adversarial Networks
 * with Limited Data</i>, 2020). {@link org.aliasfree.training.augment.AugmentPipe} builds the part
 * of a graph that changes images; {@link org.aliasfree.training.augment.AugmentDraws} draws on the
 * host how.
 */
@NullMarked
package org.aliasfree.training.augment;

import org.jspecify.annotations.NullMarked;
