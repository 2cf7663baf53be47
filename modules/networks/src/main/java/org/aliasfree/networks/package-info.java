/**
 * Network files from everywhere: a path, a URL or the name of a published network becomes a path.
 * Begin with {@link org.aliasfree.networks.NetworkStore}.
 */
@org.jspecify.annotations.NullMarked
package org.aliasfree.networks;
