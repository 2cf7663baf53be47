package org.aliasfree.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.backend.support.Refusals;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Variable;

/**
 * A GPU. Its commands are done one after the other, so runs take turns; whoever submits commands
 * holds the monitor of the driver.
 */
final class CudaBackend implements Backend {
  private static final Set<DType> DTYPES = EnumSet.of(DType.F32, DType.F16, DType.I32, DType.U8);

  private final String id;
  private final Driver driver;
  private final Allocator allocator;
  private final Transfers transfers;
  private final Set<CudaStore> stores = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  CudaBackend(String id, Driver driver, BackendOptions options) {
    this.id = id;
    this.driver = driver;
    allocator = options.allocator().apply(new DevicePool(driver));
    transfers = new Transfers(driver);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String description() {
    return driver.device().name();
  }

  @Override
  public Set<DType> dtypes() {
    return EnumSet.copyOf(DTYPES);
  }

  @Override
  public boolean isNative(Op op) {
    return true; // OpKernels has them all
  }

  @Override
  public double errorFactor(Node node) {
    return LinearKernels.errorFactor(node);
  }

  @Override
  public boolean prefersHalf() {
    return true;
  }

  Driver driver() {
    return driver;
  }

  /** What kernels are chosen for. */
  Target target() {
    return driver.target();
  }

  Allocator allocator() {
    return allocator;
  }

  Transfers transfers() {
    return transfers;
  }

  /** Puts bytes that a kernel reads on the device; the allocation is added to the list. */
  long table(byte[] bytes, List<Allocation> tables) {
    Allocation table = allocator.allocate(bytes.length, "tables of kernels");
    tables.add(table);
    transfers.upload(table.segment().address(), MemorySegment.ofArray(bytes));
    return table.segment().address();
  }

  void checkOpen() {
    if (closed) {
      throw Refusals.closedBackend(id);
    }
  }

  void checkTypes(Node node) {
    Refusals.checkTypes(id, DTYPES, node);
  }

  @Override
  public VariableStore createStore(Collection<Variable> variables) {
    checkOpen();
    CudaStore store = new CudaStore(this, variables);
    stores.add(store);
    return store;
  }

  void forget(CudaStore store) {
    stores.remove(store);
  }

  @Override
  public CompiledProgram compile(Program program, VariableStore store) {
    checkOpen();
    if (!(store instanceof CudaStore own) || !stores.contains(own)) {
      throw Refusals.foreignStore();
    }
    return new CudaProgram(this, program, own);
  }

  @Override
  public void close() {
    synchronized (driver) {
      if (!closed) {
        closed = true;
        transfers.close();
        driver.close();
      }
    }
  }
}
