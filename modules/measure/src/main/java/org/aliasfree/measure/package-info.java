/** What the machine can do at most, and what was reached. */
@NullMarked
package org.aliasfree.measure;

import org.jspecify.annotations.NullMarked;
