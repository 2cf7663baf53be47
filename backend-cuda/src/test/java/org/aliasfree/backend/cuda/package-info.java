/** Tests of the backend {@code cuda} that need no GPU. */
@NullMarked
package org.aliasfree.backend.cuda;

import org.jspecify.annotations.NullMarked;
