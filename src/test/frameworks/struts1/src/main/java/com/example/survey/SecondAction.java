package com.example.survey;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.struts.action.Action;
import org.apache.struts.action.ActionForm;
import org.apache.struts.action.ActionForward;
import org.apache.struts.action.ActionMapping;
import org.apache.struts.action.ActionMessage;
import org.apache.struts.action.ActionMessages;
import org.apache.struts.action.DynaActionForm;

public class SecondAction extends Action {
  @Override
  public ActionForward execute(
      ActionMapping mapping,
      ActionForm form,
      HttpServletRequest request,
      HttpServletResponse response) {
    ActionMessages messages = new ActionMessages();
    if (!isTokenValid(request, true)) {
      messages.add(ActionMessages.GLOBAL_MESSAGE, new ActionMessage("late"));
      saveErrors(request.getSession(), messages);
      return mapping.findForward("again");
    }
    String name = (String) ((DynaActionForm) form).get("name");
    messages.add(ActionMessages.GLOBAL_MESSAGE, new ActionMessage("thanks", name));
    saveMessages(request.getSession(), messages);
    return mapping.findForward("done");
  }
}
