/** The {@code aliasfree} command. */
module org.aliasfree.cli {
  requires info.picocli;
  requires java.management;
  requires jdk.jfr;
  requires jdk.management;
  requires org.aliasfree.api;
  requires org.aliasfree.checkpoint;
  requires org.aliasfree.conformance;
  requires org.aliasfree.data;
  requires org.aliasfree.measure;
  requires org.aliasfree.metrics;
  requires org.aliasfree.networks;
  requires org.aliasfree.training;
  requires static org.jspecify;
  requires tools.jackson.core;

  opens org.aliasfree.cli to
      info.picocli;

  provides System.LoggerFinder with
      org.aliasfree.cli.ConsoleLogs;
}
