/** The reference backend: one file a family of ops, each kernel the formula of its op. */
@NullMarked
package org.aliasfree.backend.cpu.reference;

import org.jspecify.annotations.NullMarked;
