/** The conformance rules as a class for JUnit 5 and jqwik. */
@NullMarked
package org.aliasfree.conformance.junit;

import org.jspecify.annotations.NullMarked;
