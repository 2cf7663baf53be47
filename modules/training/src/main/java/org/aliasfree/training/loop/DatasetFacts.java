package org.aliasfree.training.loop;

/**
 * What training must know of its data before it begins.
 *
 * @param name base name of the folder or file
 * @param images how many, before mirroring
 * @param resolution height and width in pixels
 * @param channels 1 for gray, 3 for RGB
 * @param labelDim numbers of a label; 0 where labels are not used
 */
public record DatasetFacts(String name, int images, int resolution, int channels, int labelDim) {}
