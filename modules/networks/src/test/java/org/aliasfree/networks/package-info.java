/** Downloads from servers on this machine, as bad as can be. */
@org.jspecify.annotations.NullMarked
package org.aliasfree.networks;
