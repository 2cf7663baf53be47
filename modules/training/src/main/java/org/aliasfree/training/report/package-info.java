/**
 * What a training run tells about itself: statistics, the lines of {@code stats.jsonl}, the event
 * file that TensorBoard shows, the line for each tick and the log. Every file can be cut back to an
 * earlier tick, so that a run that goes on from there writes what it would have written anyway.
 */
@NullMarked
package org.aliasfree.training.report;

import org.jspecify.annotations.NullMarked;
