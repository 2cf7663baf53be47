/** Graphs of ops, how they are differentiated, and how an op is lowered to simpler ones. */
@NullMarked
package org.aliasfree.graph;

import org.jspecify.annotations.NullMarked;
