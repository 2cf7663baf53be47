/**
 * The oracle: every op straight from its formula, one number after the other, added up in double
 * precision and rounded once. Slow on purpose; whatever is faster is compared with it.
 */
module org.aliasfree.backend.cpu.reference {
  requires org.aliasfree.api;
  requires static org.jspecify;

  provides org.aliasfree.backend.BackendProvider with
      org.aliasfree.backend.cpu.reference.CpuReferenceProvider;
}
