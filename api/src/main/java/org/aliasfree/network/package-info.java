/** The StyleGAN networks as functions that build graphs. */
@NullMarked
package org.aliasfree.network;

import org.jspecify.annotations.NullMarked;
