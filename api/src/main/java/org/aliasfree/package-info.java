/** What the whole framework shares: its exception. */
@NullMarked
package org.aliasfree;

import org.jspecify.annotations.NullMarked;
