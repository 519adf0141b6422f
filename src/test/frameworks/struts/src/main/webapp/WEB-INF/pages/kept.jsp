<%@ page contentType="text/html;charset=UTF-8" %><%@ taglib prefix="s" uri="/struts-tags" %>
<s:actionmessage/> <s:actionerror/> <s:fielderror/>
