/** The shape of the whole project, tested in the module that depends on all others. */
@NullMarked
package org.aliasfree.architecture;

import org.jspecify.annotations.NullMarked;
