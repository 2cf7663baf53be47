/** The network that comes with the command. */
@NullMarked
package org.aliasfree.network.portraits;

import org.jspecify.annotations.NullMarked;
