/** The op set: sealed families of records, each with its type inference. */
@NullMarked
package org.aliasfree.op;

import org.jspecify.annotations.NullMarked;
