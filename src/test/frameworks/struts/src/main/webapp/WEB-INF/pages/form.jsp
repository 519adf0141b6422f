<%@ page contentType="text/html;charset=UTF-8" %><%@ taglib prefix="s" uri="/struts-tags" %>
<s:form action="pay"><s:token/><s:submit/></s:form>
