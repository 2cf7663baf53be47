/** Images in files: data sets to train on, and PNG. */
@NullMarked
package org.aliasfree.data;

import org.jspecify.annotations.NullMarked;
