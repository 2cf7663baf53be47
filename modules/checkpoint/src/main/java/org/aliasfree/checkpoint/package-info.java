/**
 * Network files. {@link org.aliasfree.checkpoint.NetworkFile} is the way in; {@link
 * org.aliasfree.checkpoint.PickleReader} and {@link org.aliasfree.checkpoint.Safetensors} are the
 * two formats below it.
 */
@NullMarked
package org.aliasfree.checkpoint;

import org.jspecify.annotations.NullMarked;
