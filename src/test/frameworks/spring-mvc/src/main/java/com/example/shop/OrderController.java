package com.example.shop;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.SessionAttributes;
import org.springframework.web.bind.support.SessionStatus;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The order lives in the session between the pages, messages live until the next page. */
@Controller
@RequestMapping("/order")
@SessionAttributes("order")
public class OrderController {

  @GetMapping("/new")
  public String begin(Model model) {
    model.addAttribute("order", new Order());
    return "order";
  }

  @PostMapping("/add")
  public String add(
      @ModelAttribute("order") Order order,
      @ModelAttribute("form") ItemForm form,
      BindingResult binding,
      RedirectAttributes redirect) {
    if (form.getCount() < 1) {
      binding.rejectValue("count", "tooFew", "at least one");
      redirect.addFlashAttribute(BindingResult.MODEL_KEY_PREFIX + "form", binding);
      redirect.addFlashAttribute("form", form);
      return "redirect:/order/show";
    }
    Order.Item item = new Order.Item(form.getName(), form.getCount());
    order.getItems().add(item);
    redirect.addFlashAttribute("added", item);
    return "redirect:/order/show";
  }

  @GetMapping("/show")
  public String show(@ModelAttribute("order") Order order, Model model) {
    model.addAttribute("rejected", model.getAttribute(BindingResult.MODEL_KEY_PREFIX + "form"));
    return "order";
  }

  @PostMapping("/send")
  public String send(
      @ModelAttribute("order") Order order, SessionStatus status, RedirectAttributes redirect) {
    status.setComplete();
    redirect.addFlashAttribute("sent", order);
    return "redirect:/order/done";
  }

  @GetMapping("/done")
  public String done() {
    return "done";
  }
}
