/** The backend {@code cuda}. */
@NullMarked
package org.aliasfree.backend.cuda;

import org.jspecify.annotations.NullMarked;
