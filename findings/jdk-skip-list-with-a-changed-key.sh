#!/usr/bin/env bash
# JDK 17.0.15: a ConcurrentSkipListSet whose element changed its sort key after it was added is
# written by ObjectOutputStream without complaint, and ObjectInputStream cannot read what was
# written: "java.lang.IllegalStateException: out of order". A TreeSet in the same state comes back
# with both elements. One would expect the two sorted sets to behave alike, or the writer to refuse.
# Seen output:
#   TreeSet: 2 elements
#   ConcurrentSkipListSet: java.lang.IllegalStateException: out of order
# Needs a JDK and nothing else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Main.java" <<'JAVA'
import java.io.*;
import java.util.*;
import java.util.concurrent.ConcurrentSkipListSet;

public class Main {
  static final class Entry implements Comparable<Entry>, Serializable {
    int rank;
    Entry(int rank) { this.rank = rank; }
    @Override public int compareTo(Entry other) { return Integer.compare(rank, other.rank); }
  }

  public static void main(String[] args) throws Exception {
    for (Set<Entry> set : List.of(new TreeSet<Entry>(), new ConcurrentSkipListSet<Entry>())) {
      Entry first = new Entry(1);
      set.add(first);
      set.add(new Entry(2));
      first.rank = 3;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(set);
      }
      String result;
      try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        result = ((Set<?>) in.readObject()).size() + " elements";
      } catch (RuntimeException e) {
        result = e.toString();
      }
      System.out.println(set.getClass().getSimpleName() + ": " + result);
    }
  }
}
JAVA
javac -d "$work" "$work/Main.java"
seen=$(java -cp "$work" Main)
echo "$seen"
[[ $seen == $'TreeSet: 2 elements\nConcurrentSkipListSet: java.lang.IllegalStateException: out of order' ]]
