package com.example.orders;

import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hibernate.annotations.SortNatural;

/** Has a collection of each kind; Hibernate puts one of its own in the place of each. */
@Entity
@Table(name = "orders")
public class Order implements Serializable {

  private static final long serialVersionUID = 1L;

  @Id private Long id;
  @Version private int version;
  private String note = "";

  @ManyToOne(fetch = FetchType.LAZY)
  private Customer customer;

  @OneToMany(mappedBy = "order", cascade = CascadeType.ALL, orphanRemoval = true)
  @OrderBy("id")
  private List<Line> lines = new ArrayList<>();

  @ManyToMany(cascade = {CascadeType.PERSIST, CascadeType.MERGE})
  private Set<Label> labels = new HashSet<>();

  @ElementCollection @OrderColumn private List<String> steps = new ArrayList<>();
  @ElementCollection private Map<String, String> addresses = new HashMap<>();
  @ElementCollection @SortNatural private SortedSet<String> codes = new TreeSet<>();
  @ElementCollection @SortNatural private SortedMap<String, Integer> prices = new TreeMap<>();

  protected Order() {}

  Order(Long id, Customer customer) {
    this.id = id;
    this.customer = customer;
  }

  void add(String article) {
    lines.add(new Line(this, article));
    steps.add("added " + article);
    codes.add(article.substring(0, 1));
    prices.put(article, article.length());
  }

  void removeFirstLine() {
    Line removed = lines.remove(0);
    prices.remove(removed.getArticle());
    steps.set(0, "removed " + removed.getArticle());
  }

  public Long getId() {
    return id;
  }

  public int getVersion() {
    return version;
  }

  public String getNote() {
    return note;
  }

  public void setNote(String note) {
    this.note = note;
  }

  public Customer getCustomer() {
    return customer;
  }

  public List<Line> getLines() {
    return lines;
  }

  public Set<Label> getLabels() {
    return labels;
  }

  public List<String> getSteps() {
    return steps;
  }

  public Map<String, String> getAddresses() {
    return addresses;
  }

  public SortedSet<String> getCodes() {
    return codes;
  }

  public SortedMap<String, Integer> getPrices() {
    return prices;
  }
}
