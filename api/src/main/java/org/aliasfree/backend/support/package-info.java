/** What most backends need and none should write twice: lowering, liveness, buffer plans. */
@NullMarked
package org.aliasfree.backend.support;

import org.jspecify.annotations.NullMarked;
