/**
 * The mathematics of training (Karras et al. 2020 and 2021): losses as functions that build graphs,
 * the optimiser, running means, and the schedules that steer them. {@link
 * org.aliasfree.training.TrainingProgram} puts the graphs of all phases together over one set of
 * variables.
 */
@NullMarked
package org.aliasfree.training;

import org.jspecify.annotations.NullMarked;
