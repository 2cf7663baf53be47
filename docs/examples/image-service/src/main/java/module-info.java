/** A web service that makes images. */
module example.image.service {
  requires org.aliasfree.data;
  requires org.aliasfree.guice;
  requires org.eclipse.jetty.server;

  opens example to
      com.google.guice;
}
