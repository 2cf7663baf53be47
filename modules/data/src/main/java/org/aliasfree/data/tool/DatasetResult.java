package org.aliasfree.data.tool;

import java.util.List;

/**
 * What the data set tool did.
 *
 * @param written whether the data set is at its destination; not so when pictures were faulty
 * @param images pictures in it
 * @param leftOut pictures that the transform does not take
 * @param faulty pictures that could not be used
 * @param faults the first of these, each with its reason
 * @param unlabelled pictures in it without a label; if there are any, no labels are written
 * @param width of each picture
 * @param height of each picture
 * @param channels of each picture
 * @param classes names of the classes, when labels were made from folders
 */
public record DatasetResult(
    boolean written,
    int images,
    int leftOut,
    int faulty,
    List<String> faults,
    int unlabelled,
    int width,
    int height,
    int channels,
    List<String> classes) {}
