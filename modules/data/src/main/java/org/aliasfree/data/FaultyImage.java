package org.aliasfree.data;

/**
 * An image of a data set that cannot be trained on.
 *
 * @param file its name within the data set
 * @param problem a full sentence that says what is wrong
 */
public record FaultyImage(String file, String problem) {}
