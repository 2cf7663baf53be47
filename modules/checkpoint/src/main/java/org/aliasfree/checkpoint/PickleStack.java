package org.aliasfree.checkpoint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stack, marks and memo of a pickle machine. All growth is charged to the budget. */
final class PickleStack {
  private final List<PickleValue> stack = new ArrayList<>();
  private final ArrayDeque<Integer> marks = new ArrayDeque<>();
  private final Map<Long, PickleValue> memo = new HashMap<>();
  private final ReadingBudget budget;

  PickleStack(ReadingBudget budget) {
    this.budget = budget;
  }

  void push(PickleValue value, long offset) {
    budget.value(offset);
    stack.add(value);
  }

  void mark(long offset) {
    budget.value(offset);
    marks.push(stack.size());
  }

  /** Takes the topmost value; values below the innermost mark are out of reach. */
  PickleValue pop(PickleOpcode opcode, long offset) {
    PickleValue value = top(opcode, offset);
    stack.removeLast();
    return value;
  }

  PickleValue top(PickleOpcode opcode, long offset) {
    Integer floor = marks.peek();
    if (stack.size() <= (floor == null ? 0 : floor)) {
      throw new Malformed(
          offset, opcode + " needs a value, but there is none; the file is damaged.");
    }
    return stack.getLast();
  }

  /** Takes the values above the innermost mark, and the mark. */
  List<PickleValue> popToMark(PickleOpcode opcode, long offset) {
    Integer from = marks.poll();
    if (from == null) {
      throw new Malformed(
          offset, opcode + " needs a MARK, but there is none; the file is damaged.");
    }
    List<PickleValue> above = stack.subList(from, stack.size());
    List<PickleValue> values = List.copyOf(above);
    above.clear();
    return values;
  }

  /** POP: a value, or a mark where one lies on top. */
  void drop(long offset) {
    Integer floor = marks.peek();
    if (floor != null && floor == stack.size()) {
      marks.poll();
    } else {
      pop(PickleOpcode.POP, offset);
    }
  }

  void memoize(PickleOpcode opcode, long offset) {
    put(opcode, memo.size(), offset);
  }

  void put(PickleOpcode opcode, long key, long offset) {
    budget.value(offset);
    memo.put(key, top(opcode, offset));
  }

  void get(long key, long offset) {
    PickleValue value = memo.get(key);
    if (value == null) {
      throw new Malformed(
          offset, "memo entry " + key + " is used before it is set; the file is damaged.");
    }
    push(value, offset);
  }
}
