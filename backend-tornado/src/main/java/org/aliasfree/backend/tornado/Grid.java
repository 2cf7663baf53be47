package org.aliasfree.backend.tornado;

/**
 * Work-groups of a task: as many as {@code groupsX · groupsY · groupsZ}, of {@code threadsX ·
 * threadsY} threads each.
 */
record Grid(int groupsX, int groupsY, int groupsZ, int threadsX, int threadsY) {}
