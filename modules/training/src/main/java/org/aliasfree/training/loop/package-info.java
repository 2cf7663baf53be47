/**
 * The loop of training: what is drawn for each image, iterations, the state that a run continues
 * from, the files of a run.
 */
@NullMarked
package org.aliasfree.training.loop;

import org.jspecify.annotations.NullMarked;
