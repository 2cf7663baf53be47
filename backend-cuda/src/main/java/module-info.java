/** NVIDIA's GPUs: kernels in CUDA C++, shipped as PTX that the driver compiles. */
module org.aliasfree.backend.cuda {
  requires org.aliasfree.api;
  requires static org.jspecify;
  requires jcuda;
  requires java.logging; // which jcuda, without a module descriptor, cannot ask for

  provides org.aliasfree.backend.BackendProvider with
      org.aliasfree.backend.cuda.CudaProvider;
}
