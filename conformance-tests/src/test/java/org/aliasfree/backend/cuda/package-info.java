/** The kernels of the backend cuda, run on the host. */
@NullMarked
package org.aliasfree.backend.cuda;

import org.jspecify.annotations.NullMarked;
