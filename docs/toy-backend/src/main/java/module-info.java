/** A backend of plain loops. */
module example.toy {
  requires org.aliasfree.api;

  provides org.aliasfree.backend.BackendProvider with
      example.toy.ToyProvider;
}
