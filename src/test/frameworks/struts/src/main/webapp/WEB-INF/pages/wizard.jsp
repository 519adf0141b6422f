<%@ page contentType="text/html;charset=UTF-8" %><%@ taglib prefix="s" uri="/struts-tags" %>
seats <s:property value="seats"/> names <s:property value="names"/> <s:fielderror/>
