/** The interface between programs and the backends that run them. */
@NullMarked
package org.aliasfree.backend;

import org.jspecify.annotations.NullMarked;
