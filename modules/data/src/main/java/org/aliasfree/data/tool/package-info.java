/**
 * The data set tool: sources of many kinds to archives or folders that training reads, with the
 * file names, pixels and labels of the official {@code dataset_tool}.
 */
@NullMarked
package org.aliasfree.data.tool;

import org.jspecify.annotations.NullMarked;
