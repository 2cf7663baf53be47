/**
 * Generators as <a href="https://onnx.ai">ONNX</a> models, for programs that run those: {@link
 * org.aliasfree.onnx.OnnxFile} is the way in. A graph is translated op by op; {@code Translation}
 * goes through it, the classes called {@code …Nodes} know what each family of ops becomes.
 */
@NullMarked
package org.aliasfree.onnx;

import org.jspecify.annotations.NullMarked;
