/**
 * The conformance kit: what every backend must do, as rules that can be checked. The package {@code
 * org.aliasfree.conformance} needs nothing but the API and the reference backend; {@code
 * org.aliasfree.conformance.junit} has the class that the author of a backend extends, for JUnit 5
 * with jqwik.
 */
module org.aliasfree.conformance {
  requires transitive org.aliasfree.api;
  requires org.aliasfree.backend.cpu.reference;
  requires static net.jqwik.api;
  requires static org.junit.jupiter.api;
  requires static org.jspecify;

  exports org.aliasfree.conformance;
  exports org.aliasfree.conformance.junit;
}
